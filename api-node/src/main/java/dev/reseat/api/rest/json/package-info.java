/**
 * JSON as HTTP clients see it. Shared with the CLI, so nothing here knows a server, a database or a flow; made from the
 * model by the resources, read back by the CLI.
 */
package dev.reseat.api.rest.json;
