"""How many independent voices an entry rests on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wartimeline.corroboration import find_origins
from wartimeline.records import Source


def make_source(source_id: str, outlet: str, *agency: str) -> Source:
    return Source.model_validate(
        {
            "id": source_id,
            "title": "x",
            "url": "https://a.example/",
            "outlet": outlet,
            "agency": list(agency),
            "language": "en",
            "kind": "news",
        }
    )


@pytest.mark.parametrize(
    ("published", "origins"),
    [
        pytest.param([], set(), id="nothing"),
        pytest.param(["post"], {"post"}, id="one outlet"),
        pytest.param(["post", "post"], {"post"}, id="an outlet twice"),
        pytest.param(["post", "gazette"], {"post", "gazette"}, id="two outlets"),
        pytest.param(["post wire"], {"wire"}, id="an agency instead of the outlet"),
        pytest.param(["post wire", "gazette wire"], {"wire"}, id="one agency in two outlets"),
        pytest.param(["post wire", "post"], {"wire", "post"}, id="an outlet with and without"),
        pytest.param(["wire", "post wire"], {"wire"}, id="an agency itself and in an outlet"),
        pytest.param(["post wire", "post cable"], {"wire", "cable"}, id="two agencies"),
        pytest.param(["post wire cable"], {"wire"}, id="two agencies in one source are one voice"),
        pytest.param(["post wire cable", "gazette cable"], {"cable"}, id="one of them known"),
        pytest.param(["gazette cable", "cable wire", "wire"], {"cable", "wire"}, id="both known"),
    ],
)
def test_a_voice_is_the_agency_or_else_the_outlet_and_counts_once(
    published: list[str], origins: set[str]
) -> None:
    sources = [make_source(f"s{i}", *words.split()) for i, words in enumerate(published)]
    assert find_origins(sources) == origins


def test_sources_that_share_any_agency_are_one_voice_whatever_they_are_called() -> None:
    shared = ("wire", "cable"), ("cable", "radio")
    counts = {
        len(find_origins([make_source(first, "post", *a), make_source(last, "gazette", *b)]))
        for a, b in (shared, shared[::-1])
        for first, last in ("xy", "yx")
    }
    assert counts == {1}


NAMES = st.sampled_from(["post", "gazette", "wire", "cable", "radio"])
PUBLISHED = st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3)), min_size=1, max_size=7)


@given(PUBLISHED, st.randoms(use_true_random=False))
def test_the_order_of_the_sources_does_not_matter(
    published: list[tuple[str, list[str]]], random: st.DataObject
) -> None:
    sources = [make_source(f"s{i}", outlet, *a) for i, (outlet, a) in enumerate(published)]
    shuffled = list(sources)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_origins(shuffled) == find_origins(sources)


@given(PUBLISHED)
def test_there_are_as_many_voices_as_sources_at_most_and_one_at_least(
    published: list[tuple[str, list[str]]],
) -> None:
    sources = [make_source(f"s{i}", outlet, *a) for i, (outlet, a) in enumerate(published)]
    origins = find_origins(sources)
    assert 1 <= len(origins) <= len(sources)
    assert origins <= {name for outlet, agency in published for name in (outlet, *agency)}
