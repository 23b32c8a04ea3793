"""Read the formulas of a note's front matter, and check that each computes its own example."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import yaml

from bot.curriculum.formula_slots import ask, calculate, list_empty
from bot.curriculum.formulas import BadExpression, Formula, Variable, list_names
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted
from bot.understanding.quantities import UNITS, read, reduce_words

NEEDED = ("name", "asks", "expression", "variables", "example")
PHRASE_MAX = 40
"""Characters of a phrase."""

TOLERANCE = 0.005
"""How far a result may be from the one that an example states, as a share."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[^#]*[^\W_][^#]*(?:#[1-9])?")


def read_formulas(reader: YamlReader, nodes: Sequence[yaml.Node]) -> list[Formula]:
    """Return the formulas of a section, noting every fault of their form in the reader; a faulty one has no example."""
    formulas = []
    for node in nodes:
        before = len(reader.faults)
        formula = _read_formula(reader.fields(node, "a formula", NEEDED, ("unit", "unless", "ignore")))
        formulas.append(formula if len(reader.faults) == before else replace(formula, example=("", "")))
    return formulas


def _read_formula(fields: MappingReader) -> Formula:
    reader = fields.reader
    variables = _read_variables(fields)
    formula = Formula(
        fields.text("name", 60),
        _read_words(fields, "asks"),
        fields.text("expression", 200),
        variables,
        fields.text("unit", 40) if fields.has("unit") else "",
        _read_words(fields, "unless") if fields.has("unless") else (),
        _read_words(fields, "ignore") if fields.has("ignore") else (),
        _read_example(fields),
    )
    try:
        names = list_names(formula.expression) if formula.expression else frozenset()
    except BadExpression as error:
        reader.fault(fields.at("expression"), str(error))
        return formula
    known = {variable.name for variable in variables}
    for name in sorted(names - known):
        reader.fault(fields.at("expression"), f"The expression has the unknown name {quoted(name)}.")
    for name in sorted(known - names):
        reader.fault(fields.at("variables"), f"The expression doesn't use the variable {quoted(name)}.")
    return formula


def _read_variables(fields: MappingReader) -> tuple[Variable, ...]:
    node, reader = fields.at("variables"), fields.reader
    if "variables" not in fields:
        return ()
    if not isinstance(node, yaml.MappingNode) or not node.value:
        reader.fault(node, f"{quoted('variables')} must be names, each with its words.")
        return ()
    return tuple(_read_variable(reader, key, value) for key, value in node.value)


def _read_variable(reader: YamlReader, key: yaml.Node, node: yaml.Node) -> Variable:
    name = key.value if isinstance(key, yaml.ScalarNode) else ""
    if not _NAME.fullmatch(name):
        reader.fault(key, f"A variable's name is lower-case letters, digits and _, not {quoted(str(name))}.")
    fields = reader.fields(node, "a variable", ("words",), ("unit", "list", "default", "assume"))
    unit = fields.one_of("unit", UNITS) if fields.has("unit") else ""
    is_list = fields.one_of("list", ("true", "false")) == "true" if fields.has("list") else False
    default = fields.decimal("default") if fields.has("default") else None
    assume = fields.text("assume", 80) if fields.has("assume") else ""
    if (default is None) != (not assume):
        reader.fault(node, f"The variable {quoted(name)} needs both “default” and “assume”, or neither.")
    return Variable(name, _read_words(fields, "words"), unit, is_list, default, assume)


def _read_words(fields: MappingReader, key: str) -> tuple[str, ...]:
    reader, nodes = fields.reader, fields.items(key)
    if key in fields and fields.has_list(key) and not nodes:
        reader.fault(fields.at(key), f"{quoted(key)} is empty.")
    words = tuple(reader.text(node, "A phrase", PHRASE_MAX) for node in nodes)
    for node, word in zip(nodes, words, strict=True):
        if word and not _WORD.fullmatch(word):
            reader.fault(node, f"{quoted(word)} isn't a word or a phrase.")
    return words


def _read_example(fields: MappingReader) -> tuple[str, str]:
    if "example" not in fields:
        return "", ""
    example = fields.reader.fields(fields.at("example"), "an example", ("q", "result"))
    node = example.at("result")
    result = node.value.strip() if isinstance(node, yaml.ScalarNode) and "result" in example else ""
    if "result" in example and not read(result).quantities:
        fields.reader.fault(node, f"{quoted('result')} has no number.")
    return example.text("q", 300), result


def formula_faults(formula: Formula) -> Iterator[str]:
    """Yield a sentence for each fault of a formula: words of two variables, and an example that it doesn't compute."""
    for phrase in _list_shared_phrases(formula):
        yield f"In the formula {quoted(formula.name)}, {quoted(phrase)} stands for two variables."
    question, stated = formula.example
    if not question:
        return
    reading = read(question)
    calculation = calculate(formula, reading)
    if not ask(formula, reading):
        yield f"The example of the formula {quoted(formula.name)} doesn't ask for it: see “asks” and “unless”."
    elif calculation is None:
        empty = ", ".join(list_empty(formula, reading))
        why = f"has no number for {empty}" if empty else "fills its variables in several ways, or out of bounds"
        yield f"The example of the formula {quoted(formula.name)} {why}."
    else:
        wanted = [quantity.value for quantity in read(stated).quantities]
        results = calculation.result.values
        if len(wanted) != len(results) or not all(map(_is_close, wanted, results)):
            yield f"The example of the formula {quoted(formula.name)} comes to: {calculation.result.text}."


def _list_shared_phrases(formula: Formula) -> list[str]:
    """List the phrases of two variables that may take the same number."""
    count = Counter(
        key
        for variable in formula.variables
        for key in {
            (" ".join(reduce_words(phrase)), place, variable.unit, variable.is_list)
            for phrase, _, place in (word.partition("#") for word in variable.words)
        }
    )
    return [phrase for (phrase, *_), times in count.items() if times > 1]


def _is_close(stated: float, result: float) -> bool:
    return abs(stated - result) <= TOLERANCE * max(abs(stated), abs(result))
