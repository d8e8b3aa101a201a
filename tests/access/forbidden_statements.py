"""What nobody may do with SQL of their own as the application role, wherever they reach."""

EVENT = """
    INSERT INTO audit_event (chain, n, id, at, actor, act, subject_kind, subject, changes, prev, hash)
    SELECT 'house', {n}, gen_random_uuid(), now(), '{actor}', 'x', 'x', 'x', '[]', {prev}, repeat('0', 64)
    FROM audit_event, (SELECT max(n) AS m FROM audit_event WHERE chain = 'house') AS last
    WHERE chain = 'house'
"""
REFUSED = "permission denied|row-level security|follows no other|moves on"
"""What the database says to each, as a pattern."""

FORBIDDEN = [
    "UPDATE quota SET taken = 0",
    "UPDATE quota SET nominated = 0",
    "UPDATE quota SET unit = '{huyen}'",
    "UPDATE seat_group SET listed = 0",
    "SELECT count_nominations(id, -1, -1) FROM quota",
    "INSERT INTO quota SELECT (jsonb_populate_record(q, '{{\"taken\": 1}}')).* FROM quota q LIMIT 1",
    "UPDATE service_key SET expires_at = now() + interval '9 years'",
    "UPDATE service_key SET digest = sha256('x')",
    "UPDATE service_key SET identity = gen_random_uuid()",
    "DELETE FROM service_key",
    "UPDATE role_grant SET role = 'approver'",
    "UPDATE role_grant SET scopes = NULL",
    "UPDATE role_grant SET expires_at = NULL",
    "DELETE FROM role_grant",
    "UPDATE identity SET subject = 'x'",
    "DELETE FROM identity",
    "UPDATE audit_head SET chain = 'x'",
    "UPDATE audit_head SET n = n - 1 WHERE n > 1",
    "UPDATE audit_head SET n = n + 2",
    "INSERT INTO audit_head VALUES ('x', 7, repeat('0', 64))",
    # In another's name, out of line, and a second first one.
    EVENT.format(actor="somebody", n="max(n) + 1", prev="max(hash) FILTER (WHERE n = m)"),
    EVENT.format(actor="standing_council", n="max(n) + 1", prev="repeat('0', 64)"),
    EVENT.format(actor="standing_council", n="max(n) + 7", prev="max(hash) FILTER (WHERE n = m)"),
]
"""In them `{huyen}` and the other codes of the world stand for ids of units."""
