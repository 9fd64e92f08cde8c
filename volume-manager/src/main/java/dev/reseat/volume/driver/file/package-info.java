/**
 * The {@code file} driver: volumes are sparse files in one directory of this host, exports are records beside them, and
 * the kernel is asked who holds a file.
 */
package dev.reseat.volume.driver.file;
