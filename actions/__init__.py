"""Custom actions of the Rasa project: one file per question a customer asks, each thin."""
