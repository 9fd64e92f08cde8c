/**
 * Commands for whoever has the databases' logins: they work by the api-node's settings, not through its REST. The
 * command line may use it.
 */
package dev.reseat.api.admin;
