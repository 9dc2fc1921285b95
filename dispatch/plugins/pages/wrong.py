"""What a value's reader raises; `checking` makes a Fault of it that names the field. Pure."""

from dispatch.plugins.fields import Text


class Wrong(Exception):
    """The value cannot be taken; `message` says why, without the field's name."""

    def __init__(self, id_: str, en: str) -> None:
        super().__init__(en)
        self.message = Text(id_, en)
