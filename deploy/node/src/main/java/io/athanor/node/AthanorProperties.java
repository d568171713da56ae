package io.athanor.node;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The node's settings: {@code athanor.*} in a file or {@code ATHANOR_*} in the environment. Unknown keys under
 * {@code athanor.} refuse the start, so that a misspelt setting is never silently its default.
 *
 * @param data directory of all state that is not in the database
 * @param profile first parameters of a new network: mainnet, aethir, devnet, or a JSON file
 * @param portBase API port
 * @param managementPort of health and metrics
 * @param operators wallets that may see dead letters and other inner matters, and act on them
 * @param hosts {@code host[:port]} names under which wallets sign in, where the node is not on loopback
 */
@ConfigurationProperties(prefix = "athanor", ignoreUnknownFields = false)
public record AthanorProperties(
        @DefaultValue(".athanor") Path data,
        @DefaultValue("devnet") String profile,
        @DefaultValue("8480") int portBase,
        @DefaultValue("8481") int managementPort,
        Db db,
        @DefaultValue Docker docker,
        Chain chain,
        @DefaultValue Blobs blobs,
        @DefaultValue Files files,
        @DefaultValue Streams streams,
        @DefaultValue Retention retention,
        @DefaultValue Set<String> operators,
        @DefaultValue Set<String> hosts,
        @Nullable String registry,
        @Nullable String home) {
    /**
     * JDBC URLs with user and password.
     *
     * @param url of the role the service runs as
     * @param ownerUrl of the role that migrates; the service's own where there is but one
     */
    public record Db(String url, @Nullable String ownerUrl) {
        public String migrateUrl() {
            return ownerUrl == null ? url : ownerUrl;
        }
    }

    /** @param host of the container engine; the node itself runs no container */
    public record Docker(@Nullable URI host) {}

    /**
     * The chain.
     *
     * @param rpc endpoints, the first that answers is used
     * @param submitterKeyFile private key of the submitter, mode 0600; a development chain has its public one
     * @param relayerKeyFile private key, mode 0600, that pays for what anybody may send; a development chain has a public one
     * @param deploy whether to deploy the contracts where the data directory knows none
     */
    public record Chain(
            List<URI> rpc,
            @DefaultValue("31337") long id,
            @Nullable Path submitterKeyFile,
            @Nullable Path relayerKeyFile,
            @DefaultValue("false") boolean deploy,
            @Nullable Path contracts) {}

    /**
     * Read by the store.
     *
     * @param dir of content-addressed files, {@code <data>/blobs} where not set
     * @param quotaBytes of all of them
     * @param reservePercent of the quota that uploads leave to outputs and evidence
     */
    public record Blobs(
            @Nullable Path dir,
            @Nullable Long quotaBytes,
            @Nullable Integer reservePercent) {}

    /** Read by the doors: how much one sender may have stored, in bytes. */
    public record Files(
            @Nullable Long uploadBytes,
            @Nullable Long outputBytes,
            @Nullable Long evidenceBytes) {}

    /** Read by the doors. */
    public record Streams(@Nullable Integer perWallet) {}

    /** Read by the sweeps: how long old things are kept. */
    public record Retention(
            @Nullable Duration commands,
            @Nullable Duration signIns,
            @Nullable Duration files) {}
}
