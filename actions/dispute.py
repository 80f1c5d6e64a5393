"""不认可这个结果、有别的办法吗: for somebody who does not accept an answer."""

from actions import texts, wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskDispute(OrderQuestion):
    """The grounds of the answer, and who can look again."""

    action = "ask_dispute"
    title = "对结果有异议"

    def about(self, view: View, ask: Ask) -> Reply:
        """The grounds and who can look again; the steps to whoever objects a second time."""
        again = ask.memory.last_question == self.action and ask.memory.order_id == view.order.id
        return wording.dispute_again(view) if again else wording.dispute(view)

    def in_general(self, ask: Ask) -> Reply:
        """Without an order there is nothing to check yet."""
        text = "对结果有异议的话，请告诉我是哪个订单，我把每一步怎么算的列出来；也可以转人工复核。"
        return Reply(text, (texts.LIST_BUTTON, texts.HANDOFF_BUTTON), kind="notice")
