"""Exceptions at the desk: asked for, decided, ended, and listed for whoever may see them.

An exception on its way is a proposal like any other; what is its own is said here: who may ask, that the last
approver's signature publishes it, and that nobody but the desk sees the ones of others.
"""
