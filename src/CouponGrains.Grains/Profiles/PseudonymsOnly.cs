using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Grains.Profiles;

/// <summary>Turns away who names a user otherwise than by a pseudonym: an Orleans client that did not come through the
/// door, or a front end that has no key.</summary>
internal sealed class PseudonymsOnly : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Grain is not UserGrain user || Pseudonyms.HasShape(user.GetPrimaryKeyString())
            ? context.Invoke()
            : throw new RefusedException(
                RefusalCodes.NotAPseudonym, "This cluster knows users by pseudonyms alone; give it the user's, made with its key.");
}
