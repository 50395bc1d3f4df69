using Orleans.Runtime.Messaging;

namespace CouponGrains.Api.Hosting;

/// <summary>Sends a call of a user's grain again that was turned away on its way there: for some seconds after a silo's
/// death the others still look for grains on it, or in its part of the directory. What is asked of users has a key, or
/// changes nothing when it is done twice. Where the silo died with the call in hand, the client is told so
/// instead.</summary>
public sealed class TurnedAway(TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly GrainInterfaceType Users = GrainInterfaceType.Create("cg.user");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    /// <summary>Makes the call.</summary>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var begun = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception e) when (context.InterfaceType == Users && IsTurnedAway(e)
                && time.GetElapsedTime(begun) + pause < Patience)
            {
                // Another silo may have it soon.
            }

            await Task.Delay(pause, time);
        }
    }

    private static bool IsTurnedAway(Exception e) =>
        e is ConnectionFailedException or (OrleansMessageRejectionException and not SiloUnavailableException);
}
