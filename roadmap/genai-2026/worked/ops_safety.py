"""The numbers of the note on safety, and the checks that it describes."""

import re

p, r, f, n = 0.01, 0.90, 0.02, 10_000
caught, false = n * p * r, n * (1 - p) * f
assert round(caught) == 90 and round(false) == 198
assert round(r * p / (r * p + f * (1 - p)), 2) == round(90 / 288, 2) == 0.31
assert round(1 - 0.99**100, 3) == 0.634
assert round(1 - 0.05 ** (1 / 300), 3) == 0.01 and 3 / 300 == 0.01
assert round(0.1 * 0.2, 2) == 0.02


def luhn(digits):
    total = 0
    for i, d in enumerate(int(c) for c in reversed(digits)):
        d = d * 2 if i % 2 else d
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def redact(text):
    text = re.sub(r"[\w.+-]+@[\w-]+\.[\w.-]*\w", "[email]", text)

    def card(m):
        return "[card]" if luhn(re.sub(r"\D", "", m[0])) else m[0]

    return re.sub(r"\b\d(?:[ -]?\d){12,18}\b", card, text)


assert sum(luhn("411111111111111" + str(d)) for d in range(10)) == 1
note = "Mail ana@example.org, card 4111 1111 1111 1111, order 4111 1111 1111 1112."
assert redact(note) == "Mail [email], card [card], order 4111 1111 1111 1112."
assert redact("To ana@mail.my-site.org") == "To [email]"


def unsupported_numbers(answer, passages):
    number = r"\d+(?:\.\d+)?"
    return set(re.findall(number, answer)) - set(re.findall(number, " ".join(passages)))


source = ["Refunds are possible within 30 days."]
assert unsupported_numbers("You have 30 days.", source) == set()
assert unsupported_numbers("You have 60 days.", source) == {"60"}

TOOLS = {"reader": {"search"}, "editor": {"search", "draft"}}


def allowed(role, tool, approved=False):
    if tool == "send_mail":  # has effects outside: a person must approve
        return role == "editor" and approved
    return tool in TOOLS.get(role, set())


assert allowed("reader", "search") and not allowed("reader", "draft")
assert not allowed("editor", "send_mail") and allowed("editor", "send_mail", approved=True)
assert round(100 * (1 - 0.99**100), 1) == 63.4 and n - n * p == 9_900

# the answers to Check yourself
assert round(0.99**100, 3) == 0.366

# Check yourself
assert round(0.995**300, 3) == 0.222 and round(1 - 0.995**300, 3) == 0.778  # 0.5% each, 77.8%
assert 0.8 * 500 == 400 and 0.04 * 9_500 == 380 and round(400 / (400 + 380), 2) == 0.51
