#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: a user for the portal that is no superuser, its database, and a user for backups
# that sees everything and changes nothing. The passwords pass through no argument.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres <<'SQL'
\set password `cat /run/secrets/portal_password`
\set backup_password `cat /run/secrets/backup_password`
create role portal login createrole password :'password';
create database portal owner portal;
create role portal_backup login bypassrls connection limit 4 password :'backup_password';
grant pg_read_all_data to portal_backup;
alter role portal_backup set default_transaction_read_only = on;
SQL
