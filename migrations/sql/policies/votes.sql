-- How units passed their lists. How to read policies: units.sql.

-- For the unit and the units above it, in its own chain and in that of the upper event.
ALTER TABLE list_vote ENABLE ROW LEVEL SECURITY;
CREATE POLICY list_vote_seen ON list_vote FOR SELECT
    USING ((SELECT actor_flag('reach')) OR actor_under(list_vote.congress, list_vote.unit)
        OR actor_under(list_vote.upper_congress, list_vote.unit));
CREATE POLICY list_vote_added ON list_vote FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_under(list_vote.congress, list_vote.unit));
CREATE POLICY list_vote_changed ON list_vote FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR actor_under(list_vote.congress, list_vote.unit))
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_under(list_vote.congress, list_vote.unit));
CREATE POLICY list_vote_removed ON list_vote FOR DELETE USING ((SELECT actor_flag('reach')));

-- Visible with the vote and with the nomination; never changed.
ALTER TABLE list_vote_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY list_vote_name_seen ON list_vote_name FOR SELECT
    USING ((SELECT actor_flag('reach'))
        OR (EXISTS (SELECT FROM list_vote o WHERE o.id = list_vote_name.vote)
            AND EXISTS (SELECT FROM nomination o WHERE o.id = list_vote_name.nomination)));
CREATE POLICY list_vote_name_added ON list_vote_name FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach'))
        OR (EXISTS (SELECT FROM list_vote o WHERE o.id = list_vote_name.vote)
            AND EXISTS (SELECT FROM nomination o WHERE o.id = list_vote_name.nomination)));
CREATE POLICY list_vote_name_changed ON list_vote_name FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY list_vote_name_removed ON list_vote_name FOR DELETE USING ((SELECT actor_flag('reach')));

-- Visible with its vote, and only to actors who may read sealed data.
ALTER TABLE list_vote_reason ENABLE ROW LEVEL SECURITY;
CREATE POLICY list_vote_reason_seen ON list_vote_reason FOR SELECT
    USING ((SELECT actor_flag('sealed')) AND EXISTS (SELECT FROM list_vote o WHERE o.id = list_vote_reason.vote));
CREATE POLICY list_vote_reason_added ON list_vote_reason FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM list_vote o WHERE o.id = list_vote_reason.vote));
CREATE POLICY list_vote_reason_changed ON list_vote_reason FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY list_vote_reason_removed ON list_vote_reason FOR DELETE USING ((SELECT actor_flag('reach')));
