using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>Takes the sample shop into the process.</summary>
internal static class SampleShopHosting
{
    /// <summary>Before the silo.</summary>
    public static void AddLoad(IServiceCollection services, HostSettings settings, Pseudonyms? pseudonyms)
    {
        services.AddSingleton<Progress>();
        services.AddSingleton<IHostedService>(provider =>
        {
            provider.GetRequiredService<Progress>().Line($"CouponGrains · {settings.Roles} · {settings.Where}");
            return ActivatorUtilities.CreateInstance<SampleShopLoad>(provider, new UserNaming(pseudonyms));
        });
    }

    /// <summary>After the silo.</summary>
    public static void AddOpening(IServiceCollection services, HostSettings settings)
    {
        if (settings.Serves)
        {
            services.AddHostedService<SampleShopOpening>();
        }
    }
}

/// <summary>How the sample shop's users are named in the store.</summary>
internal sealed record UserNaming(Pseudonyms? Pseudonyms)
{
    public UserId Of(UserId user) => Pseudonyms?.Of(user) ?? user;
}
