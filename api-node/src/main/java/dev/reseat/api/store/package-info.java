/**
 * PostgreSQL and MariaDB: the connections, the schema and, one class per table, every SQL statement of the project.
 * Nothing of JDBC or Jdbi is seen above this room; every room that works on repairs may use it.
 */
package dev.reseat.api.store;
