-- The people whom a congress names, their number of lines, and whether their data may be erased (``over``).
--
-- A person named in another congress is kept as long as that congress is kept, and also if its retention is not set.
-- A person who represented a collective and was replaced is in no line any more. The audit trail still has the person's
-- id, so these people are erased with the others.

CREATE FUNCTION congress_people(congress text, today date) RETURNS TABLE (person uuid, lines bigint, over boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH line AS (
        SELECT n.person, c.congress FROM nomination n JOIN conference c ON c.id = n.conference
        UNION ALL SELECT i.person, c.congress FROM invitation i JOIN conference c ON c.id = i.conference
        UNION ALL SELECT x.person, c.congress FROM exemplar x JOIN conference c ON c.id = x.conference
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

-- Those of the people who have the name, and perhaps the year of birth, of somebody in a release under another record:
-- a release counts no person twice, whoever entered them. It answers nothing else and, as the policy of release_person,
-- only with ``aggregates``; so it may read beyond the actor's reach.
CREATE FUNCTION released_namesakes(people uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT mine.id FROM person mine
        JOIN person other ON other.sort_key = mine.sort_key AND other.id <> mine.id
            AND coalesce(other.birth_year = mine.birth_year, true)
        JOIN release_person r ON r.person = other.id
        WHERE (actor_flag('reach') OR actor_flag('aggregates'))
            AND mine.id = ANY (people) AND mine.erased_at IS NULL AND other.erased_at IS NULL;
END $$;
