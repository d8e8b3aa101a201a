-- Whom a congress names, in how many lines, and whether they are named in another that is still kept.
--
-- Who is named in another congress stays for as long as that one is kept; where nobody said how long, they stay.
-- Somebody who stood for a collective until another was sent is named by no line any more, and goes with the others.

CREATE FUNCTION congress_people(congress text, today date) RETURNS TABLE (person uuid, lines bigint, over boolean)
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT n.person, c.congress FROM nomination n JOIN conference c ON c.id = n.conference
        UNION ALL SELECT i.person, c.congress FROM invitation i JOIN conference c ON c.id = i.conference
        UNION ALL SELECT (e.changes ->> 'before')::uuid, c.congress FROM audit_event e
            JOIN nomination n ON n.id::text = e.subject JOIN conference c ON c.id = n.conference
            WHERE e.act = 'representative_changed'
    )
    SELECT line.person, count(*), NOT EXISTS (
        SELECT FROM line o LEFT JOIN retention r ON r.congress = o.congress
        WHERE o.person = line.person AND o.congress <> congress_people.congress
            AND coalesce(r.until >= congress_people.today, true)
    )
    FROM line JOIN person ON person.id = line.person
    WHERE line.congress = congress_people.congress AND person.erased_at IS NULL
    GROUP BY line.person
$$;
