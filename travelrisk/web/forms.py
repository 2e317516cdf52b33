"""The base of every form: an error is tied to its field, for eyes and for ears."""

from typing import Any

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form whose fields point to their hint and, after a refusal, to their line in the error summary.

    Texts are not kept here: an error is the key of a text, and the templates say it in the reader's language.
    """

    def describe(self) -> None:
        """Set the attributes of every field from its errors; call this before the form is shown."""
        for field in self:
            described: dict[str, Any] = {"aria-describedby": f"hint-{field.id}"}
            if field.errors:
                described = {
                    "aria-invalid": "true",
                    "aria-describedby": f"error-{field.id} hint-{field.id}",
                }
            field.render_kw = (field.render_kw or {}) | described
