-- The two roles of the database. The role that migrates creates them.
--
-- daibieu_owner   owns every table and function; it cannot log in
-- daibieu_app     reads and writes rows and may not change the schema; the service uses it in each session
--
-- Roles belong to the whole server: the migration of another database may have created them, even at the same time.
-- The role that migrates is a member of both, so that it can make daibieu_owner the owner of what it creates.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['daibieu_owner', 'daibieu_app'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
END $$;

GRANT USAGE, CREATE ON SCHEMA public TO daibieu_owner;
GRANT USAGE ON SCHEMA public TO daibieu_app;

-- The service reads the revision of the schema before it reports that it is ready.
GRANT SELECT ON alembic_version TO daibieu_app;

-- The application role gets these rights on later tables too; grants.sql revokes those it does not need.
ALTER DEFAULT PRIVILEGES FOR ROLE daibieu_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO daibieu_app;
