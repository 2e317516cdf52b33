"""The life of a change: drafted, proposed, signed by somebody else, published as an edition.

Each use case is one transaction that holds the row of the proposal and writes the letters it asks for. What
somebody may do is read anew each time, so that a person who lost a role has lost it here too; and what a
change weighs is found against the records of the moment. Locks are always taken in this order: proposal,
ratings, audit trail.
"""
