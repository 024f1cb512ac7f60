-- A role that serves the site and owns none of its tables, so that what is never edited stays as it
-- is even for who has the site's password. docs/operations.md says how; once, as the owner:
--     psql "$OWNER_URL" -v ON_ERROR_STOP=1 -v password=… -f deploy/postgres/site_role.sql
-- `update_site` goes on with the owner's DATABASE_URL. What it makes later is granted by itself.
BEGIN;
CREATE ROLE coprod_site LOGIN PASSWORD :'password';
GRANT USAGE ON SCHEMA public TO coprod_site;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO coprod_site;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO coprod_site;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO coprod_site;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO coprod_site;
COMMIT;
