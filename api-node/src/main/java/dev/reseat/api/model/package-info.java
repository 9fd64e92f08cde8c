/** Volume, attachment, block device, instance: the records that rest, service, remote and store share. */
package dev.reseat.api.model;
