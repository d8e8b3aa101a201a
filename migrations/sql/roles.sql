-- The two roles that everything rests on, as the role that migrates makes them.
--
-- daibieu_owner   owns every table and function; nobody logs in as it
-- daibieu_app     works with the rows, and may change none of the rules; the service takes it on in each session
--
-- Roles belong to the whole server: another database's migration may have made them, even this moment. Whoever
-- migrates belongs to both, so that what is made here can be made the owner's.
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

-- The service asks where the schema stands before it says that it is ready.
GRANT SELECT ON alembic_version TO daibieu_app;

-- Whatever table is made later is open to the application role too; grants.sql takes back what it need not do.
ALTER DEFAULT PRIVILEGES FOR ROLE daibieu_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO daibieu_app;
