package io.athanor.api.rest;

import io.athanor.api.command.ClaimReward;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.DelegateStake;
import io.athanor.api.command.LockStake;
import io.athanor.api.command.RedelegateStake;
import io.athanor.api.command.SetCommission;
import io.athanor.api.command.SignedCommand;
import io.athanor.api.command.UnbondStake;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.query.Queries.DelegationsOf;
import io.athanor.domain.query.Queries.FindPool;
import io.athanor.domain.query.Queries.ListDelegations;
import io.athanor.domain.query.Queries.ListPools;
import io.athanor.domain.view.DelegationView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PoolView;
import io.athanor.domain.view.WithdrawalView.Claim;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Stake pools: look, delegate, leave, claim, and the operator's commission. */
@RestController
@RequestMapping("/v1")
class PoolsController {
    private final CommandDesk desk;
    private final Reads reads;
    private final Payouts payouts;

    PoolsController(CommandDesk desk, Reads reads, Payouts payouts) {
        this.desk = desk;
        this.reads = reads;
        this.payouts = payouts;
    }

    @GetMapping("/pools")
    Page<PoolView> list(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListPools(after, Reads.rows(first)), PoolView.class);
    }

    @GetMapping("/pools/{pool}")
    PoolView get(@PathVariable PoolId pool) {
        return reads.one(new FindPool(pool), PoolView.class);
    }

    @GetMapping("/pools/{pool}/release")
    Claim release(@PathVariable PoolId pool) {
        return payouts.release(pool)
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "the newest root releases nothing of " + pool));
    }

    @GetMapping("/pools/{pool}/delegations")
    Page<DelegationView> delegations(
            @PathVariable PoolId pool, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListDelegations(pool, after, Reads.rows(first)), DelegationView.class);
    }

    @GetMapping("/accounts/{wallet}/delegations")
    Page<DelegationView> delegationsOf(
            @PathVariable Wallet wallet, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new DelegationsOf(wallet, after, Reads.rows(first)), DelegationView.class);
    }

    @PostMapping("/pools/{pool}/delegations")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted delegate(@PathVariable PoolId pool, @RequestBody DelegateStake body) {
        return accept(pool, body.pool(), body);
    }

    @PostMapping("/pools/{pool}/unbondings")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted unbond(@PathVariable PoolId pool, @RequestBody UnbondStake body) {
        return accept(pool, body.pool(), body);
    }

    @PostMapping("/pools/{pool}/redelegations")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted redelegate(@PathVariable PoolId pool, @RequestBody RedelegateStake body) {
        return accept(pool, body.pool(), body);
    }

    @PostMapping("/pools/{pool}/locks")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted lock(@PathVariable PoolId pool, @RequestBody LockStake body) {
        return accept(pool, body.pool(), body);
    }

    @PostMapping("/pools/{pool}/claims")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted claim(@PathVariable PoolId pool, @RequestBody ClaimReward body) {
        return accept(pool, body.pool(), body);
    }

    @PostMapping("/pools/{pool}/commission")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted commission(@PathVariable PoolId pool, @RequestBody SetCommission body) {
        return accept(pool, body.pool(), body);
    }

    private Accepted accept(PoolId path, PoolId pool, SignedCommand body) {
        Refused.unless(path.equals(pool), Reason.MALFORMED, "pool is not the path's pool");
        return desk.accept(body);
    }
}
