/** The tables shared with Nova's cell database: instances, their actions, and block device mappings. */
package dev.reseat.api.store.nova;
