"""After the first answer: judging again, reminding, escalating; and the workers who do it."""
