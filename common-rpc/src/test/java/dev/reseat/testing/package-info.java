/** Test doubles and fixtures that the tests of every module share; published as this module's test-jar. */
package dev.reseat.testing;
