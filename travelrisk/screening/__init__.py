"""The judgement: pure functions over values of the domain; the only place where a verdict is made."""
