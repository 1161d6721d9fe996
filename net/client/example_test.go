package client_test

import (
	"context"
	"fmt"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
)

// A player that takes a seat in any arena match and holds the trigger.
func ExampleDial() {
	c, err := client.Dial(context.Background(), client.Options{
		URL: "http://localhost:7777", Name: "Ann", Game: "arena",
		OnTick: func(c *client.Client) { // in the order of the schema's input fields
			shape := c.Welcome().Schema.Input
			values := make([]state.Value, len(shape.Fields))
			for i, f := range shape.Fields {
				if f.Name == "fire" {
					values[i].Int = 1
				}
			}
			if _, err := c.SendInput(values); err != nil {
				fmt.Println("send input:", err)
			}
		},
		OnState: func(c *client.Client) { // the mirror holds the rows of every table
			fmt.Println(c.Tick(), c.Mirror().Table("ships").Len())
		},
	})
	if err != nil {
		fmt.Println("join:", err)
		return
	}
	<-c.Done()
	fmt.Println("over:", c.Err())
}
