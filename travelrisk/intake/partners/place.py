"""A node of a document, from which the paths of a table lead on."""

from typing import NamedTuple

from travelrisk.intake.partners.source import Paths
from travelrisk.intake.partners.trees import Tree, at, texts

_LONGEST = 200


class Place(NamedTuple):
    """A node with what leads on from it: the identifiers of the document."""

    node: Tree
    known: dict[str, Tree]

    def all(self, paths: Paths) -> list[str]:
        """Return the texts at the first path that holds any."""
        for path in paths:
            if found := list(texts(at(self.node, path, self.known))):
                return found
        return []

    def text(self, paths: Paths) -> str:
        """Return the first text, or nothing."""
        return next(iter(self.all(paths)), "")[:_LONGEST]

    def below(self, node: Tree) -> "Place":
        """Return another place in the same document."""
        return Place(node, self.known)
