#!/bin/sh
# Runs once, when the data volume is empty: a database for revsync and the role that owns it. The role is not a
# superuser, so that row security holds for it; it may create roles, because the migrations do.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password REVSYNC_DB_PASSWORD
create role revsync login createrole password :'password';
create database revsync owner revsync;
SQL
