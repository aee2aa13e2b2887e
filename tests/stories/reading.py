"""A page as somebody reads it who has no scripts: its text, its links, its forms and what can be pressed.

Nothing hidden is text, and nothing without words can be pressed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_SILENT: Final = frozenset({"script", "style", "template", "head", "noscript", "svg", "datalist"})
HOOKS: Final = frozenset({"data-remedy", "data-cause", "data-suspect", "data-question", "data-wait-until", "data-ends"})
"""What a page says of itself to a driver who is a program: what to do, what is or may be in the way, how long to
wait."""

Attributes = Mapping[str, str]


@dataclass
class Form:
    """`fields` are what a browser would send as it stands, boxes ticked and all."""

    action: str
    method: str
    id: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: dict[tuple[str, str], bool] = field(default_factory=dict)
    radios: dict[str, str] = field(default_factory=dict)

    def filled(self) -> dict[str, list[str]]:
        """Every name with its values."""
        sent: dict[str, list[str]] = {}
        ticked = [one for one, is_ticked in self.boxes.items() if is_ticked]
        for name, value in [*self.fields, *ticked, *self.radios.items()]:
            sent.setdefault(name, []).append(value)
        return sent

    def types(self, name: str, value: str) -> None:
        """Put a value into a field, a choice or a row of radio buttons."""
        if name in self.radios:
            self.radios[name] = value
            return
        assert name in {known for known, _ in self.fields}, f"no field {name}"
        self.fields = [(known, value if known == name else old) for known, old in self.fields]


@dataclass
class Button:
    """What can be pressed. `leads_to` is a link's address, `form` what a button sends."""

    words: str = ""
    leads_to: str = ""
    form: Form | None = None
    form_id: str = ""
    sends: tuple[str, str] | None = None


class Page(HTMLParser):
    """What stands on one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.pressables: list[Button] = []
        self.labels: dict[str, str] = {}
        self.watch: Attributes = {}
        self.opened: Attributes = {}
        self.push_offer: Attributes = {}
        self.hooks: dict[str, list[str]] = {}
        self._words: list[str] = []
        self._silent: list[str] = []
        self._form: Form | None = None
        self._pressable: Button | None = None
        self._label = ""
        self._select: tuple[str, str | None] | None = None
        self._area: tuple[str, str] | None = None
        self.feed(html)
        self.close()
        for button in self.pressables:
            if button.form_id:
                button.form = next(form for form in self.forms if form.id == button.form_id)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def button(self, words: str) -> Button:
        """The one whose words these are, or begin so."""
        said = [one for one in self.pressables if " ".join(one.words.split()).startswith(words)]
        exact = [one for one in said if " ".join(one.words.split()) == words]
        assert said, f"nothing to press says {words!r}; there is {[one.words for one in self.pressables]}\n{self.text}"
        return (exact or said)[0]

    def labels_with(self, words: str) -> list[str]:
        """What can be ticked or chosen, by the ids of labels that hold these words."""
        return [label for label, said in self.labels.items() if words in said]

    def offers(self, words: str) -> bool:
        """Whether there is something to press that says so."""
        return any(" ".join(one.words.split()).startswith(words) for one in self.pressables)

    def value(self, name: str) -> str:
        """What stands in the field of that name, in whichever form has one."""
        return next(value for form in self.forms for known, value in form.fields if known == name)

    def links(self) -> Iterator[str]:
        """Where one can go from here."""
        return (one.leads_to for one in self.pressables if one.leads_to)

    def can_lead_to(self, part: str) -> bool:
        """Whether a link of the page has this in its address."""
        return any(part in link for link in self.links())

    # ── HTMLParser's own names ───────────────────────────────────

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT or (tag not in _VOID and (self._silent or "hidden" in given)):
            self._silent.append(tag)
        if "data-watch" in given:
            self.watch = given
        if "data-opened" in given:
            self.opened = given
        if "data-push-offer" in given:
            self.push_offer = given
        for name in given.keys() & HOOKS:
            self.hooks.setdefault(name, []).append(given[name])
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "label":
            self._label = given.get("for", "")
        elif tag in ("a", "button"):
            self._begins_to_press(tag, given)
        elif self._form:
            self._begins_to_fill(tag, given, self._form)

    def _begins_to_press(self, tag: str, given: Attributes) -> None:
        if tag == "a" and "href" in given:
            self._pressable = Button(leads_to=given["href"])
        elif tag == "button" and given.get("type", "submit") == "submit" and "disabled" not in given:
            sends = (given["name"], given.get("value", "")) if given.get("name") else None
            self._pressable = Button(form=self._form, form_id=given.get("form", ""), sends=sends)
        if self._pressable:
            self.pressables.append(self._pressable)

    def _begins_to_fill(self, tag: str, given: Attributes, form: Form) -> None:
        if tag == "input":
            self._input(form, given)
        elif tag == "textarea":
            self._area = (given.get("name", ""), "")
        elif tag == "select":
            self._select = (given.get("name", ""), None)
        elif tag == "option" and self._select:
            name, chosen = self._select
            if chosen is None or "selected" in given:
                self._select = (name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        if tag == "form":
            self._form = None
        elif tag in ("a", "button"):
            self._pressable = None
        elif tag == "label":
            self._label = ""
        elif tag == "textarea" and self._area and self._form:
            self._form.fields.append(self._area)
            self._area = None
        elif tag == "select" and self._select and self._form:
            self._form.fields.append((self._select[0], self._select[1] or ""))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._words.append(data)
        if self._area:
            self._area = (self._area[0], self._area[1] + data)
        if self._pressable:
            self._pressable.words += data
        if self._label:
            self.labels[self._label] = self.labels.get(self._label, "") + data

    def _input(self, form: Form, given: Attributes) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if not name or "disabled" in given:
            return
        if kind == "checkbox":
            form.boxes[name, value or "on"] = "checked" in given
        elif kind == "radio":
            if "checked" in given or name not in form.radios:
                form.radios[name] = value
        else:
            form.fields.append((name, value))
