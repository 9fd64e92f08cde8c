/** The tables shared with Cinder: volumes and their attachments, with upstream's columns and soft-delete rules. */
package dev.reseat.api.store.cinder;
