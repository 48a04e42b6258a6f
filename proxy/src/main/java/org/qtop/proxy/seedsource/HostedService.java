package org.qtop.proxy.seedsource;

import java.net.URI;
import java.net.http.HttpRequest;

/** What one hosted service is asked and answers. Immutable. */
interface HostedService {

    /** Its name and scheme. */
    String name();

    /** Where it is. */
    URI home();

    /** Most bytes in one answer. */
    int mostBytes();

    /**
     * Asks for bytes.
     *
     * @param base where the service is
     * @param key the user's key
     * @param bytes 1 to {@link #mostBytes}
     */
    HttpRequest.Builder request(URI base, String key, int bytes);

    /**
     * Reads an answer.
     *
     * @param body of an answer with status 200
     * @param bytes how many were asked for
     * @return just as many
     * @throws ServiceFault if anything about it is not of the documented form
     */
    byte[] read(byte[] body, int bytes) throws ServiceFault;
}
