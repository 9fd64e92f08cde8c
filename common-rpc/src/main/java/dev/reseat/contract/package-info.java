/**
 * What the services say to each other: topics, method names, version histories, argument records and versioned objects.
 * The only place where two services meet.
 */
package dev.reseat.contract;
