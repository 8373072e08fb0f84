"""What is made from the models: schemas, template, tables."""

import pytest
from jsonschema import Draft202012Validator

from wartimeline.codes import CODES
from wartimeline.records import Actor, Claim, Correction, Event, Figure, Outlet, Place, Source
from wartimeline.reference import (
    RECORDS,
    make_schema,
    render_blocks,
    render_codes,
    render_fields,
    render_settings,
    write_template,
)
from wartimeline.settings import CitationStyle, MapSettings, Phase, Series, Settings, Side
from wartimeline.vocabulary import Block

EVENT = {
    "title": "The gate is taken",
    "date": "1204-03-09",
    "kind": "battle",
    "places": ["brine"],
    "summary": "The company entered.",
    "sources": [
        {
            "id": "post",
            "title": "Gate",
            "url": "https://post.example/gate",
            "outlet": "road-post",
            "language": "en",
            "kind": "news",
        }
    ],
}


@pytest.mark.parametrize("record", RECORDS)
def test_every_schema_is_a_json_schema(record: str) -> None:
    Draft202012Validator.check_schema(make_schema(record))


def test_a_valid_record_satisfies_the_schema() -> None:
    assert list(Draft202012Validator(make_schema("event")).iter_errors(EVENT)) == []


@pytest.mark.parametrize(
    "change",
    [{"kind": "nonsense"}, {"places": []}, {"weather": "fair"}, {"sources": "post"}, {"title": ""}],
    ids=lambda change: next(iter(change)),
)
def test_an_invalid_record_does_not_satisfy_the_schema(change: dict[str, object]) -> None:
    assert not Draft202012Validator(make_schema("event")).is_valid({**EVENT, **change})


@pytest.mark.parametrize("model", [Event, Source, Claim, Figure, Correction])
def test_the_template_names_every_field(model: type[Event]) -> None:
    template = write_template()
    assert [key for key in model.model_fields if f"{key}:" not in template] == []


@pytest.mark.parametrize("model", [Event, Source, Claim, Figure, Place, Actor, Outlet])
def test_the_field_tables_name_every_field_with_its_description(model: type[Event]) -> None:
    tables = str(render_fields())
    assert f"<h2 id='{model.__name__.lower()}'>" in tables
    for key, field in model.model_fields.items():
        assert f"<code>{key}</code>" in tables
        assert field.description


@pytest.mark.parametrize("model", [Settings, Phase, Side, Series, CitationStyle, MapSettings])
def test_the_settings_tables_name_every_setting(model: type[Settings]) -> None:
    tables = str(render_settings())
    assert [key for key in model.model_fields if f"<code>{key}</code>" not in tables] == []


def test_the_tables_of_codes_and_blocks_are_complete() -> None:
    assert [code for code in CODES if f"<code>{code}</code>" not in str(render_codes())] == []
    assert [block for block in Block if f"timeline: {block} --" not in str(render_blocks())] == []
