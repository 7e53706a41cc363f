import {it} from "vitest"; import {render,visible} from "../../src/output/index.js";
it("x", async()=>{ const r=await render("json",{a:[1,{b:"Łódź\x1b\u202e\u{e0041}",c:2n**70n,d:[],e:{},f:[[1,2]]}],z:-0,i:Infinity,ts:1e12},{times:["ts"]},{width:80,colour:false,dates:true}); console.log([...r.chunks].join("")); console.log(visible("a\nb\x1b\u202e\u{e0041}\ud800")); });
