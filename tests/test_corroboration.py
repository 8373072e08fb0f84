"""How many independent voices an entry rests on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wartimeline.corroboration import Corroboration, corroborate, find_origins
from wartimeline.records import Actor, Event, Outlet, Source


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


ACTORS = {
    name: Actor.model_validate({"id": name, "name": name, "kind": "other", "side": side})
    for name, side in [
        ("company", "salters"),
        ("lance", "salters"),
        ("watch", "wardens"),
        ("baker", "none"),
    ]
}
OUTLETS = {
    name: Outlet.model_validate({"id": name, "name": name, "kind": "newspaper", "organ_of": organ})
    for name, organ in [
        ("post", None),
        ("gazette", None),
        ("company-news", "company"),
        ("watch-news", "watch"),
        ("bakers-weekly", "baker"),
    ]
}


def make_event(outlets: str, claimants: str) -> Event:
    """Make an event from the names of its outlets and claimants; `?` is in no register."""
    names = claimants.split()
    return Event.model_validate(
        {
            "title": "x",
            "date": "1204-03-09",
            "kind": "battle",
            "places": ["brine"],
            "summary": "x",
            "sources": [make_source(f"s{i}", o) for i, o in enumerate(outlets.split())],
            "claims": [
                {"claimant" if name == "?" else "by": name, "said": "x", "sources": ["s0"]}
                for name in names
            ],
        }
    )


def weigh(outlets: str, claimants: str) -> Corroboration:
    return corroborate(make_event(outlets, claimants), ACTORS, OUTLETS, ("salters", "wardens"))


@pytest.mark.parametrize(
    ("outlets", "claimants", "partisan", "one_sided"),
    [
        pytest.param("post", "", False, False, id="no claims"),
        pytest.param("post", "baker", False, False, id="a bystander"),
        pytest.param("post", "?", False, False, id="somebody in no register"),
        pytest.param("post", "company", True, True, id="one party"),
        pytest.param("post", "company lance", True, True, id="two bodies of one party"),
        pytest.param("post", "company watch", True, False, id="two parties"),
        pytest.param("post", "company baker", False, False, id="a party and a bystander"),
        pytest.param("post", "company ?", False, False, id="a party and somebody"),
        pytest.param("company-news", "", True, True, id="an organ alone"),
        pytest.param("company-news watch-news", "", True, False, id="organs of two parties"),
        pytest.param("company-news post", "", False, False, id="an organ and an outlet"),
        pytest.param("company-news", "baker", True, True, id="a bystander in an organ"),
        pytest.param("watch-news post", "company", True, False, id="a claim beside an organ"),
        pytest.param("bakers-weekly", "", False, False, id="an organ of a bystander"),
    ],
)
def test_an_entry_is_partisan_if_only_parties_speak_in_it_or_publish_it(
    outlets: str, claimants: str, *, partisan: bool, one_sided: bool
) -> None:
    basis = weigh(outlets, claimants)
    assert (basis.is_partisan, basis.is_one_sided) == (partisan, one_sided)


def test_the_parties_heard_are_named_in_the_order_of_the_settings() -> None:
    assert weigh("post", "watch company baker").sides == ("salters", "wardens")


def test_one_origin_is_told_from_several() -> None:
    assert weigh("post post", "").has_one_origin
    assert not weigh("post gazette", "").has_one_origin
    assert weigh("post gazette", "").origins == ("gazette", "post")
