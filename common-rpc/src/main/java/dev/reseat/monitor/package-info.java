/**
 * What operators see of a running process over HTTP: its metrics and its health. The rooms that measure and the rooms
 * that know how they are do not import this one; a service's roof connects them.
 */
package dev.reseat.monitor;
