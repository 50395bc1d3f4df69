using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Profiles;

namespace CouponGrains.Contracts.Tests;

/// <summary>The types that cross the wire, found by looking.</summary>
internal static class WireTypes
{
    /// <summary>The grain interfaces of the contracts.</summary>
    public static IReadOnlyList<Type> Interfaces { get; } =
        [.. typeof(IUserGrain).Assembly.GetTypes().Where(t => t.IsInterface && t.IsAssignableTo(typeof(IGrain)))];

    /// <summary>Every type of ours that a parameter, a result or a stream item of the interfaces can hold.</summary>
    public static IReadOnlyList<Type> All { get; } = Reachable();

    /// <summary>True for the types that the Domain and the Contracts define.</summary>
    public static bool IsOurs(Type type) => type.Assembly.GetName().Name is "CouponGrains.Domain" or "CouponGrains.Contracts";

    private static List<Type> Reachable()
    {
        var found = new List<Type>();
        foreach (var method in Interfaces.SelectMany(i => i.GetMethods()))
        {
            Visit(method.ReturnType);
            foreach (var parameter in method.GetParameters())
            {
                Visit(parameter.ParameterType);
            }
        }

        Visit(typeof(CouponPush));
        return found;

        void Visit(Type type)
        {
            foreach (var argument in type.GetGenericArguments())
            {
                Visit(argument);
            }

            if (IsOurs(type) && !found.Contains(type))
            {
                found.Add(type);
                foreach (var property in Samples.Stored(type))
                {
                    Visit(property.PropertyType);
                }
            }
        }
    }
}
