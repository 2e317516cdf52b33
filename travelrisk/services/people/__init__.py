"""Who may do what: accounts, roles, delegations, and signing in."""
