package io.rowrelay.admin.schema;

/** Where an object is in the catalogs of a database. */
record ObjectAddress(long catalog, long number) {}
