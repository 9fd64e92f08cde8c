/**
 * The proof that it works: the distribution's programs as processes of their own, on a real broker and real databases,
 * asked by the clients that people and OpenStack services use, and killed in the middle. There are only tests here.
 */
package dev.reseat.systemtest;
