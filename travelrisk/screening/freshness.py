"""What is said of answers that rest on a source that was not read for long; messages adds it to its own."""

from types import MappingProxyType

from travelrisk.domain.texts import Texts

FRESHNESS = MappingProxyType(
    {
        "source.stale": Texts(
            "{name}: what is on record rests on the source “{source}”, which has not been read since {day}."
            " This holds provided nothing has changed there; ask the focal point.",
            "{name} : ce qui est enregistré repose sur la source « {source} », qui n'a pas été lue depuis le"
            " {day}. Ceci ne vaut que si rien n'y a changé ; consultez le point focal.",
            "{name}: lo que consta se basa en la fuente «{source}», que no se ha leído desde el {day}. Esto"
            " vale siempre que nada haya cambiado en ella; pregunte al punto focal.",
        ),
    }
)
