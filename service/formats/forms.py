"""The forms of short texts, and what each is called where a text of another form is refused."""

CODE = r"^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$"
ETHNIC_GROUP = r"^(0[1-9]|[1-4][0-9]|5[0-4])$"
PLAN_ID = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
PLAN_UNIT = r"^[a-z0-9]+(-{1,2}[a-z0-9]+)*$"
PLAN_KIND = r"^[a-z][a-z0-9_]*$"
PLAN_MEASURE = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"

FORM_NAMES = {
    CODE: "code",
    ETHNIC_GROUP: "ethnic_group",
    PLAN_ID: "plan_id",
    PLAN_UNIT: "plan_unit",
    PLAN_KIND: "plan_kind",
    PLAN_MEASURE: "plan_measure",
}
"""Pattern → the word for it in ``words.toml``; a pattern that is not here is shown as it is."""
