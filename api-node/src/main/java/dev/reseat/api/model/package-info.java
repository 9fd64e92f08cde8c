/** Volume, attachment, block device, instance, job, finding: the records that the rooms above and store share. */
package dev.reseat.api.model;
