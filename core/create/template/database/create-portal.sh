#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: a user for the portal that is no superuser, and its database.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$PORTAL_DATABASE_PASSWORD" --username=postgres <<'SQL'
create role portal login createrole password :'password';
create database portal owner portal;
SQL
