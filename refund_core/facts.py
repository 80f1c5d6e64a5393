"""What the facts of a case are called in Chinese, for "a person must decide: … is missing"."""

FACT_NAMES = {
    "order.starts_at": "订单周期的开始时间",
    "order.ends_at": "订单周期的结束时间",
    "order.effective_at": "订单的生效（发货）时间",
    "order.term": "订单的购买时长",
    "order.list_price": "订单原价",
    "order.payment_channel": "订单的支付渠道",
    "order.promotion.refund_clause": "所参加活动对退款的说明",
    "order.invoice.issued": "订单是否已开发票",
    "order.bundle.separable": "组合订购中的商品能否单独退",
    "order.pricing.month_price": "产品的月价",
    "order.pricing.discount": "订单适用的折扣",
    "order.pricing.used_discount": "已用时长对应的折扣",
    "order.pricing.payg": "产品的按量单价",
    "order.pricing.unit_price": "单位用量价格",
    "order.pricing.part_month_price": "不足一个月部分的按量费用",
    "policy.fee_rate": "这个购买时长的退订手续费率",
    "request.new_month_price": "降配后的月价",
    "request.new_discount": "降配后适用的折扣",
    "resource.police_frozen": "资源是否被公安冻结",
    "resource.in_transaction": "资源是否正在进行其他交易",
    "resource.used": "资源包是否已经使用",
    "resource.effective": "存储包是否已经生效",
    "resource.usage": "资源包的用量",
    "resource.support_benefits_used": "支持服务的增值权益是否已经使用",
    "resource.spec_changed_after_renewal": "续费之后是否升降过配置",
    "resource.deployed": "服务器是否已经部署",
    "resource.ddos_record": "服务器是否有 DDoS 攻击记录",
    "resource.illegal_content": "配置文件是否包含违法内容",
    "resource.transferred": "资源是否过户过",
    "resource.os_changed": "是否变更过操作系统",
    "resource.marketplace_image": "是否使用收费的云市场镜像",
    "account.in_arrears": "账户是否欠费",
    "account.entity_id": "账户所属的实名主体",
    "account.framework_contract": "是否有免手续费的框架合同",
    "history": "账户此前的退订记录",
}


def fact_name(path: str) -> str:
    """The Chinese name of a fact; its path when it has none."""
    return FACT_NAMES.get(path, path)
