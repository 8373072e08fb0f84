"""The closed vocabularies of the method. Those of one war are settings."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A value of a closed vocabulary, with the words it is shown in.

    Members are written `NAME = value, label, description`; the member itself is
    the value as written in a record.
    """

    label: str
    description: str

    def __new__(cls, value: str, label: str = "", description: str = "") -> Self:
        """Make a member that is its value and carries its label and description."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.description = description
        return member


class Kind(Term):
    """What sort of event it is."""

    BATTLE = "battle", "Battle", "Fighting on the ground, and places taken or lost in it."
    AIRSTRIKE = "airstrike", "Air strike", "Attacks from aircraft or by ballistic missile."
    SHELLING = "shelling", "Shelling", "Attacks by artillery, mortar or rocket from the ground."
    BOMBING = "bombing", "Bombing", "Explosive devices: car bombs, tunnel bombs, suicide attacks."
    CHEMICAL = "chemical", "Chemical", "Reported use of chemical weapons or toxic gas."
    SIEGE = "siege", "Siege", "Blockades and sieges, and the roads that make or break them."
    KILLING = "killing", "Killing", "Killings of captives, prisoners or single people."
    DETENTION = "detention", "Detention", "Abductions, arrests and deaths in custody."
    PROTEST = "protest", "Protest", "Demonstrations and rallies."
    DISPLACEMENT = "displacement", "Displacement", "People driven from where they live."
    EVACUATION = "evacuation", "Evacuation", "People or fighters brought out under an agreement."
    HUMANITARIAN = "humanitarian", "Humanitarian", "Aid, food, water, power and medical care."
    HERITAGE = "heritage", "Heritage", "Damage to, and repair of, historic places."
    DIPLOMACY = "diplomacy", "Diplomacy", "Negotiations, resolutions, truces and agreements."
    POLITICS = "politics", "Politics", "Institutions, alliances, leaders and public statements."
    JUSTICE = "justice", "Justice", "Courts, mechanisms and verdicts."
    REPORT = "report", "Report", "Findings published by investigators, monitors and the press."
    RECOVERY = "recovery", "Recovery", "Return of services, trade, transport and public life."
    CULTURE = "culture", "Culture", "Films, art and awards about the events."
    OTHER = "other", "Other", "What fits none of the others."


class Family(Term):
    """Kinds that are drawn alike, as twenty colours are no colours."""

    FIGHTING = "fighting", "Fighting and sieges"
    BOMBARDMENT = "bombardment", "Bombardment"
    HARM = "harm", "Killings and detentions"
    PEOPLE = "people", "Aid and displacement"
    POLITICS = "politics", "Politics, talks and courts"
    AFTER = "after", "Reports, heritage, recovery"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Its kinds, in the order of their vocabulary."""
        return tuple(kind for kind in Kind if FAMILIES[kind] is self)


FAMILIES: Mapping[Kind, Family] = {
    Kind.BATTLE: Family.FIGHTING,
    Kind.SIEGE: Family.FIGHTING,
    Kind.AIRSTRIKE: Family.BOMBARDMENT,
    Kind.SHELLING: Family.BOMBARDMENT,
    Kind.BOMBING: Family.BOMBARDMENT,
    Kind.CHEMICAL: Family.BOMBARDMENT,
    Kind.KILLING: Family.HARM,
    Kind.DETENTION: Family.HARM,
    Kind.DISPLACEMENT: Family.PEOPLE,
    Kind.EVACUATION: Family.PEOPLE,
    Kind.HUMANITARIAN: Family.PEOPLE,
    Kind.PROTEST: Family.POLITICS,
    Kind.DIPLOMACY: Family.POLITICS,
    Kind.POLITICS: Family.POLITICS,
    Kind.JUSTICE: Family.POLITICS,
    Kind.REPORT: Family.AFTER,
    Kind.HERITAGE: Family.AFTER,
    Kind.RECOVERY: Family.AFTER,
    Kind.CULTURE: Family.AFTER,
    Kind.OTHER: Family.AFTER,
}


class Status(Term):
    """Whether an entry is shown."""

    DRAFT = "draft", "Draft", "Checked, but not built."
    PUBLISHED = "published", "Published", "Shown on the site."
    WITHDRAWN = "withdrawn", "Withdrawn", "Keeps its address; shows why it was withdrawn."


class Measure(Term):
    """What the figure of a claim counts."""

    KILLED = "killed", "Killed"
    INJURED = "injured", "Injured"
    DISPLACED = "displaced", "Displaced"
    EVACUATED = "evacuated", "Evacuated"
    BESIEGED = "besieged", "Besieged"
    TERRITORY = "territory", "Territory"
    OTHER = "other", "Other"


class SourceKind(Term):
    """What sort of publication a source is."""

    NEWS = "news", "News report"
    UN = "un", "United Nations document"
    NGO = "ngo", "Publication of a non-governmental organisation"
    GOVERNMENT = "government", "Government publication"
    MONITOR = "monitor", "Publication of a monitoring group"
    ACADEMIC = "academic", "Academic work"
    REFERENCE = "reference", "Reference work"
    INTERVIEW = "interview", "Interview"


class PlaceKind(Term):
    """What sort of place it is, from the largest to the smallest."""

    REGION = "region", "Region"
    COUNTRY = "country", "Country"
    GOVERNORATE = "governorate", "Governorate"
    AREA = "area", "Area"
    CITY = "city", "City"
    TOWN = "town", "Town"
    VILLAGE = "village", "Village"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
    ROAD = "road", "Road"
    SITE = "site", "Site"


class PointPrecision(Term):
    """What the coordinates of a place stand for."""

    EXACT = "exact", "Exact", "The place itself."
    APPROXIMATE = "approximate", "Approximate", "The centre of a neighbourhood or village."
    REPRESENTATIVE = "representative", "Representative", "A point that stands for an area."


class ActorKind(Term):
    """What sort of actor it is."""

    ARMED_GROUP = "armed-group", "Armed groups"
    GOVERNMENT = "government", "Governments"
    STATE_BODY = "state-body", "State bodies"
    UN_BODY = "un-body", "United Nations bodies"
    NGO = "ngo", "Non-governmental organisations"
    MONITOR = "monitor", "Monitoring groups"
    COURT = "court", "Courts"
    NEWS_ORGANISATION = "news-organisation", "News organisations"
    PERSON = "person", "People"
    OTHER = "other", "Others"


class OutletKind(Term):
    """What sort of publisher an outlet is; the description says what one is called."""

    NEWS_AGENCY = "news-agency", "News agencies", "News agency"
    NEWSPAPER = "newspaper", "Newspapers and magazines", "Newspaper or magazine"
    BROADCASTER = "broadcaster", "Broadcasters", "Broadcaster"
    ONLINE_NEWS = "online-news", "Online news", "Online news"
    STATE_MEDIA = "state-media", "State media", "State media"
    AGGREGATOR = "aggregator", "Aggregators", "Aggregator"
    BLOG = "blog", "Blogs", "Blog"
    UN_BODY = "un-body", "United Nations bodies", "United Nations body"
    GOVERNMENT = "government", "Governments", "Government"
    NGO = "ngo", "Non-governmental organisations", "Non-governmental organisation"
    MONITOR = "monitor", "Monitoring groups", "Monitoring group"
    ACADEMIC = "academic", "Academic publishers", "Academic publisher"
    REFERENCE = "reference", "Reference works", "Reference work"


class Block(Term):
    """A generated block that a hand-written page may contain, as `<!-- timeline: name -->`."""

    STRIP = "strip", "Events per month", "A strip of events per month; each month is a link."
    COUNTS = "counts", "Counts", "How many events, sources, outlets and claims there are."
    TURNING_POINTS = (
        "turning-points",
        "Turning points",
        "The rows of turning points, a hundred at most.",
    )
    BROWSE = "browse", "Browse", "The ways in: years, phases, kinds, places, actors, sources."
    LATEST = "latest", "Latest", "The latest additions and corrections."
    CORRECTIONS = "corrections", "Corrections", "All corrections and withdrawals, the latest first."
    ADDITIONS = "additions", "Additions", "When each entry was added, the latest first."
    GAPS = "gaps", "Gaps", "What the timeline lacks, and how its sources are spread."
    CITE = "cite", "Cite", "How the page is cited, in several styles and formats."
    TEMPLATE = "template", "Template", "The annotated template of an entry."
    FIELDS = "fields", "Fields", "Every field of every record."
    SETTINGS = "settings", "Settings", "Every setting of a timeline."
    CODES = "codes", "Checks", "Everything the check can say."
    BLOCKS = "blocks", "Blocks", "The blocks a page may contain."
