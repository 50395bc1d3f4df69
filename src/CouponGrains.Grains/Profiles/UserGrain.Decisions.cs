using CouponGrains.Contracts;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Experiments;

namespace CouponGrains.Grains.Profiles;

/// <summary>What a user may ask about himself: what was decided for him and why, and to be forgotten.</summary>
internal sealed partial class UserGrain
{
    private const int DecisionsMax = 1_000;

    public Task<IReadOnlyList<Decision>> Decisions(long before, int limit, CancellationToken cancel) =>
        limit is < 1 or > DecisionsMax
            ? throw new RefusedException(
                RefusalCodes.InvalidValue, $"The limit must be 1 to {DecisionsMax}, but was {limit}.")
            : new DecisionDesk(_user, _log, _replica).List(before, limit, cancel);

    public async Task<Answer<DecisionExplanation>> Explain(EventId decision, CancellationToken cancel) =>
        await new DecisionDesk(_user, _log, _replica).Explain(
            decision, _live.Profile.Record, await _desk.Wallet(cancel), cancel);

    public Task<RedemptionAnswer> ValidateAt(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        _desk.Validate(request, now, cancel);

    public Task<Answer<Forgotten>> Forget(CancellationToken cancel) => OrDeactivate(async () =>
    {
        if (!_live.IsKnown)
        {
            return (Answer<Forgotten>)new Refusal(RefusalCodes.UnknownUser, "This user was never seen.");
        }

        var coupons = 0;
        foreach (var coupon in (await _desk.Wallet(cancel)).Where(coupon => coupon.IsOpen))
        {
            coupons += (await _desk.Void(coupon.Code, cancel)).Succeeded ? 1 : 0;
        }

        var events = await _users.Forget(
            _user, cancel, _audit.Entry(AuditActions.UserForget, AuditTargets.User(_user)));
        await _state.ClearStateAsync(cancel);
        await _live.Load(null, cancel);
        return new Forgotten(events, coupons);
    });
}
