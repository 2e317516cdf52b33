"""The calls of programs: a row of the table, a model and a function each; and the page that explains them.

Nothing here judges or stores: a view turns a request into a call of a service, and the answer into JSON.
"""
