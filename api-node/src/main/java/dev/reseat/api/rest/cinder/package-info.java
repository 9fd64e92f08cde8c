/** The block storage API, version 3, as far as Reseat plays cinder-api: volumes, their actions, and attachments. */
package dev.reseat.api.rest.cinder;
