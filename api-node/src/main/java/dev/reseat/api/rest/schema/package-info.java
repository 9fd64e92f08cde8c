/** Validates request bodies as Cinder's JSON schemas do, with the messages Python writes, which clients know. */
package dev.reseat.api.rest.schema;
