"""The contract: from one table of calls come the addresses, the checks of what is sent, and the document.

A thin layer over pydantic. Frameworks that do the same were tried; each changed schemas or errors.
"""
