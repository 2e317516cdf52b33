"""Public sources become facts: one source a module, with one card in ``data/feeds/``.

A feed fetches through the one session of ``http.py`` and reads what came without any I/O. What a fact means
for ratings is not decided here: use cases compare it with what is rated, and people sign.
"""
