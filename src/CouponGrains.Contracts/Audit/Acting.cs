using CouponGrains.Domain.Audit;

namespace CouponGrains.Contracts.Audit;

/// <summary>Who asks, as it travels with every call from the process that let him in to the grains. A grain believes
/// what it is told: whoever can reach a silo's gateway is trusted.</summary>
public static class Acting
{
    private const string ActorKey = "coupongrains.actor";
    private const string RequestKey = "coupongrains.request";

    /// <summary>Who asks; the shop itself where nobody does.</summary>
    public static Actor Actor => Actor.Parse(RequestContext.Get(ActorKey) as string) ?? Actor.System;

    /// <summary>The request that asks, or an empty text.</summary>
    public static string Request => RequestContext.Get(RequestKey) as string ?? "";

    /// <summary>Has the calls from here on be made in a caller's name.</summary>
    public static void As(Actor actor, string request = "")
    {
        RequestContext.Set(ActorKey, actor.ToString());
        RequestContext.Set(RequestKey, request);
    }
}
